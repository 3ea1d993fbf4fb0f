"""Refusals in the other languages families read here: one short paragraph each, beside the English one.

A refusal may come before anybody knows who is looking, so it is said in every language at once. Drafted, not
yet
reviewed by native speakers.
"""

from __future__ import annotations

from typing import Final

OTHER_WORDS: Final[dict[str, tuple[str, str]]] = {
    "launch_refused": (
        "No pudimos abrir esto. Cierre esta página y abra Rapport otra vez desde el sitio de su escuela.",
        "این صفحه باز نشد. آن را ببندید و Rapport را دوباره از سایت مکتب باز کنید.",
    ),
    "launch_used": (
        "Esta página ya se abrió antes. Abra Rapport otra vez desde el sitio de su escuela.",
        "این صفحه پیش‌تر باز شده است. Rapport را دوباره از سایت مکتب باز کنید.",
    ),
    "launch_late": (
        "Esto tardó demasiado. Abra Rapport otra vez desde el sitio de su escuela.",
        "این کار وقت زیاد گرفت. Rapport را دوباره از سایت مکتب باز کنید.",
    ),
    "anonymous": (
        "No sabemos quién es usted. Entre primero en el sitio de su escuela y abra Rapport allí.",
        "ما شما را نشناختیم. اول در سایت مکتب داخل شوید و Rapport را از آنجا باز کنید.",
    ),
    "cookies_refused": (
        "Su navegador no guardó nada para nosotros. Abra Rapport en una ventana nueva o con otro navegador.",
        "مرورگر شما چیزی نگه نداشت. Rapport را در پنجرهٔ نو یا با مرورگر دیگر باز کنید.",
    ),
    "other_account": (
        "Esa es otra cuenta. Entre con la cuenta de su escuela, la que usa en Classroom. No se abrió nada.",
        "این حساب دیگری است. با حسابی که مکتب به شما داده داخل شوید. چیزی باز نشد.",
    ),
    "platform_said_no": (
        "El sitio de su escuela le pide que entre. Entre allí y abra Rapport otra vez.",
        "سایت مکتب از شما می‌خواهد داخل شوید. آنجا داخل شوید و Rapport را دوباره باز کنید.",
    ),
    "choice_staff": (
        "Solo el personal docente puede añadir esto. Pídalo a un maestro del curso. Nada ha cambiado.",
        "این را فقط معلم می‌تواند اضافه کند. از معلم این صنف بخواهید. چیزی تغییر نکرد.",
    ),
    "session_over": (
        "Por seguridad cerramos esta página. Abra Rapport otra vez desde el sitio de su escuela.",
        "برای مصئونیت، این صفحه بسته شد. Rapport را دوباره از سایت مکتب باز کنید.",
    ),
    "not_here": (
        "Aquí no hay nada para usted. Vuelva atrás, o abra Rapport otra vez desde el sitio de su escuela.",
        "اینجا چیزی برای شما نیست. به عقب برگردید یا Rapport را دوباره از سایت مکتب باز کنید.",
    ),
    "invalid": (
        "Algo en el formulario no está bien. Mírelo otra vez y cámbielo. No se guardó nada.",
        "چیزی در فورم درست نیست. دوباره ببینید و تغییر دهید. هیچ چیز ثبت نشد.",
    ),
    "moved_on": (
        "Esto ya cambió. Abra la página otra vez para ver cómo está ahora. No se guardó nada.",
        "این پیش‌تر تغییر کرده است. صفحه را دوباره باز کنید. هیچ چیز ثبت نشد.",
    ),
    "busy": (
        "Inténtelo otra vez en un momento. Ahora no pudimos guardar. No se perdió nada.",
        "لطفاً لحظه‌ای بعد دوباره کوشش کنید. حالا ثبت نشد. هیچ چیز گم نشد.",
    ),
    "other_system": (
        "El otro sistema no respondió. Inténtelo otra vez en unos minutos. No se perdió nada.",
        "سیستم دیگر جواب نداد. چند دقیقه بعد دوباره کوشش کنید. هیچ چیز گم نشد.",
    ),
    "too_large": (
        "Esto es demasiado grande para enviarlo. Elija un archivo más pequeño. No se guardó nada.",
        "این برای فرستادن بسیار بزرگ است. فایل کوچک‌تر انتخاب کنید. هیچ چیز ثبت نشد.",
    ),
    "wrong_way_in": (
        "Esta página no se abre así. Abra Rapport desde el sitio de su escuela.",
        "این صفحه به این شکل باز نمی‌شود. Rapport را از سایت مکتب باز کنید.",
    ),
    "broken": (
        "Algo falló aquí. Lo anotamos. Inténtelo otra vez; si sigue igual, avise a su escuela.",
        "اینجا چیزی خراب شد. ما آن را یادداشت کردیم. دوباره کوشش کنید؛ اگر باز هم نشد، به مکتب بگویید.",
    ),
}
"""Key of the answer -> (Spanish, Dari). Answers that only installers see stay English."""
