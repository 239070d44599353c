"""What a citizen sees and touches: the Kivy app. Screens draw views and send intents; they decide nothing."""
