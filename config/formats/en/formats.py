"""Days as they are written in Finland, in whatever language the page is."""

DATE_INPUT_FORMATS = ["%d.%m.%Y", "%Y-%m-%d"]
