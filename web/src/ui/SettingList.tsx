import { sentence } from "./Notice";

export interface Setting {
	name: string;
	value: string;
	reason: string;
}

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
