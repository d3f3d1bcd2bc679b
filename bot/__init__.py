"""The process: channels, intake, worker, handlers, delivery, scheduler and the web server.

SQL lives in storage/, decisions about tickets in routing/, understanding of text in nlp/."""
