import { renderToStaticMarkup } from "react-dom/server";
import { Landing } from "./Landing";

/** The landing page as HTML: it is read without any script. */
export function render(): string {
	return renderToStaticMarkup(<Landing source={import.meta.env.VITE_SOURCE_URL} contact={import.meta.env.VITE_CONTACT_EMAIL} />);
}
