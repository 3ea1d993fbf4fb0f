"use strict";
// Sends the launch on: the tool expects a form post from the browser, not a redirect.
document.forms[0].submit();
