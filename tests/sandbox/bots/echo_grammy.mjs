// An echo-and-buttons bot on grammY, unmodified: `node echo_grammy.mjs URL TOKEN polling|webhook PORT`.
import { createServer } from "node:http";
import { Bot, InlineKeyboard, webhookCallback } from "grammy";

const [url, token, transport, port] = process.argv.slice(2);
const bot = new Bot(token, { client: { apiRoot: url } });

bot.command("start", (ctx) =>
  ctx.reply(`<b>hello</b> ${ctx.match}`, { parse_mode: "HTML", reply_markup: new InlineKeyboard().text("+1", "1") }));
bot.on("callback_query:data", async (ctx) => {
  await ctx.answerCallbackQuery("counted");
  await ctx.editMessageText(`pressed ${ctx.callbackQuery.data}`);
});
bot.on("message:text", (ctx) => ctx.reply(ctx.message.text, { reply_parameters: { message_id: ctx.message.message_id } }));

if (transport === "polling") {
  await bot.api.deleteWebhook();
  bot.start();
} else {
  const handle = webhookCallback(bot, "http", { secretToken: "s3cret" });
  createServer(handle).listen(Number(port), "127.0.0.1", () =>
    bot.api.setWebhook(`http://127.0.0.1:${port}/hook`, { secret_token: "s3cret" }));
}
