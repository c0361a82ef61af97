"""Slides of a lesson for the classroom: ``make slides``; the plan of each deck stands in ``content/slides/NN.toml``."""

from casebook.course.slides.build import build, deck
from casebook.course.slides.plan import Plan, Slide, plan, planned

__all__ = ["Plan", "Slide", "build", "deck", "plan", "planned"]
