// The few sentences the page module says by itself, when no screen can: in the page's language, else English.

const WORDS = {
  en: {
    offline: "No connection right now. What you wrote is still here.",
    offlinePage: "No connection right now.",
    retry: "Try again",
    over: "Please open this again",
    overHow: "For safety we closed this page. Open Rapport again from your school's site.",
    broken: "Something went wrong here. Please try again.",
    sent: "Done",
  },
  es: {
    offline: "No hay conexión en este momento. Lo que escribió sigue aquí.",
    offlinePage: "No hay conexión en este momento.",
    retry: "Intentar otra vez",
    over: "Abra esta página otra vez",
    overHow: "Por seguridad cerramos esta página. Abra Rapport otra vez desde el sitio de su escuela.",
    broken: "Algo salió mal. Inténtelo otra vez.",
    sent: "Listo",
  },
  prs: {
    offline: "فعلاً اتصال نیست. آنچه نوشتید هنوز اینجاست.",
    offlinePage: "فعلاً اتصال نیست.",
    retry: "دوباره کوشش کنید",
    over: "لطفاً این صفحه را دوباره باز کنید",
    overHow: "برای امنیت این صفحه بسته شد. Rapport را دوباره از سایت مکتب باز کنید.",
    broken: "مشکلی پیش آمد. لطفاً دوباره کوشش کنید.",
    sent: "انجام شد",
  },
};

/** The sentence `key` in the language of the page. */
export function word(key) {
  const tag = document.documentElement.lang.toLowerCase();
  const known = WORDS[tag] ?? WORDS[tag.split("-")[0]] ?? WORDS.en;
  return known[key] ?? WORDS.en[key];
}
