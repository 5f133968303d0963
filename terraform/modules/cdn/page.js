// The site begins with a page of its own, which needs no script to be read. Every other path whose last part has no dot is a page of
// the app, and the app has one document for all of them. All else is a file.
function handler(event) {
  var request = event.request;
  var last = request.uri.substring(request.uri.lastIndexOf("/") + 1);
  if (request.uri === "/") {
    request.uri = "/index.html";
  } else if (last.indexOf(".") === -1) {
    request.uri = "/app.html";
  }
  return request;
}
