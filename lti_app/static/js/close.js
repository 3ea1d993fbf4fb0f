// The end of connecting: tells the platform's page that we are done (LTI Dynamic Registration 1.0, section 3.7).
// The message holds nothing but its subject, so it may go to whoever opened us.

const platform = window.opener || (window.parent !== window ? window.parent : null);

function close() {
  platform?.postMessage({ subject: "org.imsglobal.lti.close" }, "*");
}

document.getElementById("close").addEventListener("click", close);
close();
