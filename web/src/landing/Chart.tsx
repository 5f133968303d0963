import { Status } from "../ui/Status";

const SETTINGS = [
	{ name: "shared_buffers", value: "1365MB", reason: "a third of 4 GiB" },
	{ name: "random_page_cost", value: "1.1", reason: "the disk is an SSD" },
	{ name: "ssl_min_protocol_version", value: "TLSv1.2", reason: "older ones are broken" },
];

/** A plan on a sea chart: what a deployment shows, drawn with the same parts. */
export function Chart() {
	return (
		<figure className="chart">
			<div className="plan">
				<p className="plan-head">
					<strong>shop</strong>
					<Status status="running" />
				</p>
				<dl>
					<div>
						<dt>PostgreSQL 17</dt>
						<dd>2 vCPU, 4 GiB, 20 GiB SSD</dd>
					</div>
					<div>
						<dt>Where</dt>
						<dd>AWS ca-central-1, your account</dd>
					</div>
					<div>
						<dt>Lets in</dt>
						<dd>203.0.113.0/24</dd>
					</div>
				</dl>
			</div>
			<table>
				<caption className="visually-hidden">Settings with their reasons</caption>
				<thead>
					<tr>
						<th scope="col">Setting</th>
						<th scope="col">Value</th>
						<th scope="col">Because</th>
					</tr>
				</thead>
				<tbody>
					{SETTINGS.map((setting) => (
						<tr key={setting.name}>
							<th scope="row">{setting.name}</th>
							<td>{setting.value}</td>
							<td>{setting.reason}</td>
						</tr>
					))}
				</tbody>
			</table>
			<figcaption>An example of a plan that runs, and why it is set as it is.</figcaption>
		</figure>
	);
}
