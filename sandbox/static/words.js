// The page's own words in three languages, and the language in force.

const WORDS = {
  en: {
    title: "Telegram on your laptop", language: "Language", bot: "Bot", theme: "Light or dark", close: "Close",
    faults: "Faults", journal: "Journal", person: "Person", addPerson: "Add a person", menu: "More", toEnd: "To the newest message",
    commands: "Commands", keyboard: "Keyboard", send: "Send", message: "Message", start: "Start", restart: "Press Start again",
    block: "Block the bot", unblock: "Unblock the bot", blockedNote: "You blocked this bot", gone: "This account was deleted",
    firstName: "First name", theirLanguage: "Language of their Telegram", cancel: "Cancel", add: "Add", ok: "OK",
    whoOpens: "Who opens this link?", newPerson: "A new person", edited: "edited", typing: "typing…", isBot: "bot", today: "Today",
    empty: "Nothing here yet. Press Start.", noBot: "No bot yet. Start yours with TELEGRAM_API_URL set to", messagesWith: "Conversation with",
    up: "Network is up", down: "Network is cut", lost: "The emulator does not answer",
    faultsHint: "What Telegram does to the bot while a switch is on.", journalHint: "Every call of the bot, every delivery to it.",
    hidePolls: "Hide polling", cut: "Cut the network", cutHint: "Nothing goes through, in either direction",
    flood: "429 Too Many Requests", floodHint: "Each message is refused: retry after 5 s", slow: "Slow answers", slowHint: "Each message is answered after 5 s",
    broken: "500 Internal Server Error", brokenHint: "Each message fails at Telegram", hang: "Silence", hangHint: "Each message is accepted and never answered",
    blockedAll: "Blocked by everybody", blockedAllHint: "Each message is refused with 403", twice: "Deliver twice", twiceHint: "Each update reaches the bot two times",
    limits: "Telegram's limits", limitsHint: "1 message a second per chat, 30 in all", call: "call", delivery: "delivery",
    waiting: "waiting", nothingYet: "Nothing yet", hits: "used", you: "You", effect: "took effect", attempt: "attempt", attach: "Attach a file", voiceNote: "Record a voice note", reply: "Reply", replyingTo: "Reply to", photo: "Photo", document: "File", voice: "Voice note", video: "Video", audio: "Music", play: "Play",
  },
  ru: {
    title: "Telegram на вашем ноутбуке", language: "Язык", bot: "Бот", theme: "Светлая или тёмная", close: "Закрыть",
    faults: "Сбои", journal: "Журнал", person: "Человек", addPerson: "Добавить человека", menu: "Ещё", toEnd: "К последнему сообщению",
    commands: "Команды", keyboard: "Клавиатура", send: "Отправить", message: "Сообщение", start: "Начать", restart: "Нажать «Начать» ещё раз",
    block: "Заблокировать бота", unblock: "Разблокировать бота", blockedNote: "Вы заблокировали этого бота", gone: "Этот аккаунт удалён",
    firstName: "Имя", theirLanguage: "Язык его Telegram", cancel: "Отмена", add: "Добавить", ok: "ОК",
    whoOpens: "Кто открывает эту ссылку?", newPerson: "Новый человек", edited: "изменено", typing: "печатает…", isBot: "бот", today: "Сегодня",
    empty: "Здесь пока пусто. Нажмите «Начать».", noBot: "Бота пока нет. Запустите своего с TELEGRAM_API_URL =", messagesWith: "Переписка с",
    up: "Сеть работает", down: "Сеть отключена", lost: "Эмулятор не отвечает",
    faultsHint: "Что Telegram делает с ботом, пока включён переключатель.", journalHint: "Каждый вызов бота и каждая доставка ему.",
    hidePolls: "Скрыть опросы", cut: "Отключить сеть", cutHint: "Ничего не проходит ни в одну сторону",
    flood: "429 Too Many Requests", floodHint: "Каждое сообщение отклоняется: повторить через 5 с", slow: "Медленные ответы", slowHint: "Ответ на каждое сообщение приходит через 5 с",
    broken: "500 Internal Server Error", brokenHint: "Каждое сообщение ломается в Telegram", hang: "Молчание", hangHint: "Сообщение принято, ответа нет",
    blockedAll: "Все заблокировали бота", blockedAllHint: "Каждое сообщение отклоняется с 403", twice: "Доставлять дважды", twiceHint: "Каждое обновление приходит боту два раза",
    limits: "Ограничения Telegram", limitsHint: "1 сообщение в секунду на чат, всего 30", call: "вызов", delivery: "доставка",
    waiting: "ждёт", nothingYet: "Пока ничего", hits: "сработал", you: "Вы", effect: "подействовал", attempt: "попытка", attach: "Прикрепить файл", voiceNote: "Записать голосовое", reply: "Ответить", replyingTo: "Ответ на", photo: "Фото", document: "Файл", voice: "Голосовое", video: "Видео", audio: "Музыка", play: "Слушать",
  },
  he: {
    title: "טלגרם על המחשב שלך", language: "שפה", bot: "בוט", theme: "בהיר או כהה", close: "סגירה",
    faults: "תקלות", journal: "יומן", person: "אדם", addPerson: "הוספת אדם", menu: "עוד", toEnd: "להודעה האחרונה",
    commands: "פקודות", keyboard: "מקלדת", send: "שליחה", message: "הודעה", start: "התחלה", restart: "לחיצה נוספת על התחלה",
    block: "חסימת הבוט", unblock: "ביטול החסימה", blockedNote: "חסמת את הבוט הזה", gone: "החשבון הזה נמחק",
    firstName: "שם פרטי", theirLanguage: "השפה בטלגרם שלהם", cancel: "ביטול", add: "הוספה", ok: "אישור",
    whoOpens: "מי פותח את הקישור?", newPerson: "אדם חדש", edited: "נערך", typing: "מקליד…", isBot: "בוט", today: "היום",
    empty: "עדיין אין כאן כלום. לחצו על התחלה.", noBot: "אין עדיין בוט. הפעילו את שלכם עם TELEGRAM_API_URL =", messagesWith: "שיחה עם",
    up: "הרשת פועלת", down: "הרשת מנותקת", lost: "האמולטור אינו עונה",
    faultsHint: "מה טלגרם עושה לבוט כל עוד המתג דלוק.", journalHint: "כל קריאה של הבוט וכל מסירה אליו.",
    hidePolls: "להסתיר תשאול", cut: "ניתוק הרשת", cutHint: "דבר אינו עובר, לשום כיוון",
    flood: "429 Too Many Requests", floodHint: "כל הודעה נדחית: לנסות שוב בעוד 5 שניות", slow: "תשובות איטיות", slowHint: "כל הודעה נענית אחרי 5 שניות",
    broken: "500 Internal Server Error", brokenHint: "כל הודעה נכשלת בטלגרם", hang: "שתיקה", hangHint: "ההודעה מתקבלת ואינה נענית",
    blockedAll: "כולם חסמו את הבוט", blockedAllHint: "כל הודעה נדחית עם 403", twice: "מסירה כפולה", twiceHint: "כל עדכון מגיע לבוט פעמיים",
    limits: "המגבלות של טלגרם", limitsHint: "הודעה אחת בשנייה לכל שיחה, 30 בסך הכול", call: "קריאה", delivery: "מסירה",
    waiting: "ממתין", nothingYet: "עדיין אין כלום", hits: "הופעל", you: "את/ה", effect: "השפיע", attempt: "ניסיון", attach: "צירוף קובץ", voiceNote: "הקלטת הודעה קולית", reply: "תגובה", replyingTo: "תגובה אל", photo: "תמונה", document: "קובץ", voice: "הודעה קולית", video: "וידאו", audio: "מוזיקה", play: "השמעה",
  },
};

let language = "en";

// In the page's language, or in `code`, the language of a phone's owner.
export const word = (key, code = language) => (WORDS[code] ?? WORDS[language])[key] ?? key;
export const known = (code) => (code in WORDS ? code : language);
export const direction = (code) => (code === "he" ? "rtl" : "ltr");
export const current = () => language;

export function guess() {
  const wanted = localStorage.getItem("language") ?? navigator.language.slice(0, 2);
  return wanted in WORDS ? wanted : "en";
}

// Put the words into everything that asks for one below `root`.
export function translate(root = document, code = language) {
  for (const node of root.querySelectorAll("[data-word]")) node.textContent = word(node.dataset.word, code);
  for (const node of root.querySelectorAll("[data-tip]")) {
    node.setAttribute("aria-label", word(node.dataset.tip, code));
    node.title = word(node.dataset.tip, code);
  }
}

export function speak(code) {
  language = code;
  localStorage.setItem("language", code);
  document.documentElement.lang = code;
  document.documentElement.dir = direction(code);
  document.title = word("title");
  translate();
}
