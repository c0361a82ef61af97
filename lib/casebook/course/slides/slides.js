// Each slide is set in one size of letters: as large as fits. Everything on it is measured in letters.
const SMALLEST = 0.5;

function fit(slide) {
  if (!slide) return;
  let size = 1;
  const over = () => slide.scrollHeight > 690 || slide.scrollWidth > slide.clientWidth + 1;
  slide.style.fontSize = "1em";
  while (size > SMALLEST && over()) {
    size -= 0.02;
    slide.style.fontSize = `${size}em`;
  }
  slide.dataset.size = size.toFixed(2);
}

Reveal.initialize({
  width: 1280, height: 720, margin: 0.02, center: false, hash: true,
  slideNumber: "c/t", transition: "none", plugins: [RevealNotes],
});
Reveal.on("ready", (event) => fit(event.currentSlide));
Reveal.on("slidechanged", (event) => fit(event.currentSlide));
Reveal.on("pdf-ready", () => document.querySelectorAll(".slides section").forEach(fit));
window.addEventListener("load", () => fit(Reveal.getCurrentSlide()));
