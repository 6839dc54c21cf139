"""What is handed to other interpreters: it observes one script as it runs. Imports nothing of seedlab."""
