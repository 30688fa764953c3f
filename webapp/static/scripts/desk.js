// The scripts of every page of the desk. The pages work without them.
import "./live.js";
import "./ages.js";
import "./menus.js";
import "./presses.js";
import "./trouble.js";
import "./copying.js";
import "./dialogs.js";
import "./undo.js";
import "./looking.js";
import "./keys.js";
import "./palette.js";
import "./new_orders.js";
import "./alarm.js";
