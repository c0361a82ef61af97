"""Slides of a lesson for the classroom, made by ``make slides`` from the plans in ``content/slides``."""

from casebook.course.slides.pages import build, deck
from casebook.course.slides.plan import Plan, Slide, plan, planned

__all__ = ["Plan", "Slide", "build", "deck", "plan", "planned"]
