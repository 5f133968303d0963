// How long a browser may keep an upload that says nothing itself. Not in the headers policy: that speaks for errors too,
// and a picture that was asked for too early would be missing for a year. This runs for what was found alone.
function handler(event) {
  var headers = event.response.headers;
  if (!headers["cache-control"]) {
    var oneUsers = event.request.uri.indexOf("/users/") === 0;
    headers["cache-control"] = { value: oneUsers ? "private, max-age=3600" : "public, max-age=31536000, immutable" };
  }
  return event.response;
}
