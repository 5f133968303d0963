// All the script of the landing page: what is read needs none.
import { switchTheme } from "../ui/theme";

document.querySelector("[data-switch-theme]")?.addEventListener("click", switchTheme);
