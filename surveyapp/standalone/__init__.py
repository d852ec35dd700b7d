"""The app that runs surveyapp by itself: configuration, sign-in, health page, mail folder."""
