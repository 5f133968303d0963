import { Logo } from "../ui/Logo";
import { ThemeIcon } from "../ui/ThemeIcon";
import { Chart } from "./Chart";

const OFFERS = [
	{
		title: "Your account, not ours",
		text: "The database runs on a machine in your AWS account. We reach it through two roles, one to change and one to look, that you can read, bound and delete. We hold no key of yours.",
	},
	{
		title: "No code",
		text: "A plan says what you want: version, processors, memory, disk, backups, who may connect. You fill in what you care about; defaults fill the rest.",
	},
	{
		title: "One click",
		text: "Deploy makes the machine, the disk, the firewall, the certificate and the password, in order. Each step is shown as it happens, and can be cancelled.",
	},
	{
		title: "Best practices, with reasons",
		text: "Each setting of PostgreSQL is worked out for the machine it is on, and carries the reason beside its value. You may overrule any of them.",
	},
	{
		title: "Closed by default",
		text: "Encrypted disk, TLS that clients can verify, an allow list, no open port for administration, no key pair.",
	},
	{
		title: "Restores that are proven: on their way",
		text: "A backup is worth what its last restore has shown. A plan can already ask for backups and for a restore test; neither is made yet.",
	},
	{
		title: "Your way out",
		text: "Each plan exports as a folder of Terraform that makes the same without us.",
	},
];

const STEPS = [
	{
		title: "Link your account",
		text: "A ready-made template makes two roles in your AWS account, of which one can only look. We say what each permission is for, and check that the roles are as they should be.",
	},
	{
		title: "Draw a plan",
		text: "Choose a size and a version. Before anything is made you see the configuration with its reasons, the cost of a month, and what would stand in the way.",
	},
	{
		title: "Press Deploy",
		text: "Watch the circle turn green: a real query has been answered. Copy the connection string and get on with your own work.",
	},
];

function Head() {
	return (
		<header className="bar">
			<Logo />
			<nav aria-label="Main">
				<a href="#how">How it works</a>
				<a href="#open">Open source</a>
				<a href="#about">About</a>
				<a href="#contact">Contact</a>
				<a href="/sign-in">Sign in</a>
				<button type="button" className="button" data-kind="icon" data-switch-theme aria-label="Switch between light and dark">
					<ThemeIcon />
				</button>
			</nav>
		</header>
	);
}

function Lists() {
	return (
		<>
			<section className="band" aria-labelledby="offer">
				<h2 id="offer">What you get</h2>
				<ul className="offers">
					{OFFERS.map((offer) => (
						<li key={offer.title}>
							<h3>{offer.title}</h3>
							<p>{offer.text}</p>
						</li>
					))}
				</ul>
			</section>
			<section className="band" id="how" aria-labelledby="how-title">
				<h2 id="how-title">From nothing to a query in three steps</h2>
				<ol className="steps">
					{STEPS.map((step) => (
						<li key={step.title}>
							<h3>{step.title}</h3>
							<p>{step.text}</p>
						</li>
					))}
				</ol>
				<figure className="editor-picture">
					{(["light", "dark"] as const).map((theme) => (
						<img
							key={theme}
							data-shown-in={theme}
							src={`/editor-${theme}.png`}
							width={1200}
							height={800}
							loading="lazy"
							alt="The editor: a PostgreSQL on the canvas, its properties beside it, and the button that deploys it."
						/>
					))}
					<figcaption>The editor, with a plan that is not deployed yet.</figcaption>
				</figure>
			</section>
		</>
	);
}

export interface LandingProps {
	/** Where the source can be read; the build's VITE_SOURCE_URL. */
	source?: string | undefined;
	/** Who answers mail; the build's VITE_CONTACT_EMAIL. */
	contact?: string | undefined;
}

export function Landing({ source, contact }: LandingProps) {
	return (
		<>
			<a className="skip" href="#content">
				Skip to the content
			</a>
			<Head />
			<main id="content">
				<section className="hero" aria-labelledby="title">
					<div>
						<h1 id="title">PostgreSQL in your own cloud account, set up as an expert would.</h1>
						<p className="lead">
							Draw a plan, press Deploy, watch it turn green. No code to write, and no server of ours in between.
						</p>
						<p className="actions">
							<a className="button" href="/sign-up">
								Start the first plan
							</a>
							<a className="button" data-kind="quiet" href="#how">
								See how it works
							</a>
						</p>
					</div>
					<Chart />
				</section>
				<Lists />
				<section className="band two" id="open" aria-labelledby="open-title">
					<div>
						<h2 id="open-title">Open source, and yours to host</h2>
						<p>
							All of Cloudsail is under the Apache 2.0 licence: the page you read, the API behind it, and the Terraform that puts
							both into an account of your own. Two commands start the whole on one machine, without any cloud account; a third
							brings it into yours:
						</p>
						<p>
							{source ? <a href={source}>Read the source</a> : "The source comes from whoever runs this copy: ask for it there."}
						</p>
					</div>
					<pre>
						<code>
							{"./scripts/demo   # from sign-up to a running PostgreSQL and back\n"}
							{"./scripts/test   # everything that must hold before a change lands\n"}
							{"./scripts/deploy ENV   # into your AWS account: dev or prod"}
						</code>
					</pre>
				</section>
				<section className="band" id="about" aria-labelledby="about-title">
					<h2 id="about-title">About</h2>
					<p className="prose">
						Running PostgreSQL well takes knowledge that few teams have time to gather: which settings fit a machine, how it is
						closed, what is kept when it goes. Cloudsail writes that knowledge down as data with sources, applies it, and shows
						it.
					</p>
				</section>
				<section className="band" id="contact" aria-labelledby="contact-title">
					<h2 id="contact-title">Contact</h2>
					{contact ? (
						<p className="prose">
							Questions? Write to <a href={`mailto:${contact}`}>{contact}</a>.
						</p>
					) : (
						<p className="prose">
							This copy of Cloudsail names no address for mail. Ask those who gave you this page's address, or who look after your
							cloud accounts: they run it, or know who does.
						</p>
					)}
				</section>
			</main>
			<footer className="bar foot">
				<span>Cloudsail, Apache 2.0</span>
				<nav aria-label="More">
					<a href="/docs">API</a>
					<a href="/sign-in">Sign in</a>
				</nav>
			</footer>
		</>
	);
}
