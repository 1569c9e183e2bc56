"""Where a preview in the tests is served from: nobody listens there."""

FORM = "http://127.0.0.1:9000"
WEBSITE = "http://127.0.0.1:9001"
