"""Commands, options and text for people; heavy imports stand inside the commands."""
