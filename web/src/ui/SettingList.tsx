import type { Setting } from "../deployments/queries";
import { sentence } from "./Notice";

/** Settings, each with the reason for its value. */
export function SettingList({ settings }: { settings: Setting[] }) {
	return (
		<dl className="grants">
			{settings.map(({ name, value, reason }) => (
				<div key={name}>
					<dt>
						<code>
							{name} = {value}
						</code>
					</dt>
					<dd>{sentence(reason)}</dd>
				</div>
			))}
		</dl>
	);
}
