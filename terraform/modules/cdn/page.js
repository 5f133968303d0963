// The app has one page, which shows whatever its path names. A path whose last part has no dot is one of those;
// all else is a file.
function handler(event) {
  var request = event.request;
  var last = request.uri.substring(request.uri.lastIndexOf("/") + 1);
  if (last.indexOf(".") === -1) {
    request.uri = "/index.html";
  }
  return request;
}
