"""The ways to give a run its fresh process, behind one interface."""
