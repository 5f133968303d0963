import { useMutation } from "@tanstack/react-query";
import { Failed } from "../../api/problem";
import type { components } from "../../api/schema";
import { PlanProgress } from "../../deployments/Progress";
import { useDeploy } from "../../deployments/useDeploy";
import { exportPlan, isBusy, type Plan, type Preview } from "../../plans/queries";
import { tar } from "../../plans/tar";
import { counted, money } from "../../ui/amounts";
import { Button } from "../../ui/Button";
import { ErrorNotice, sentence } from "../../ui/Notice";
import { QueryError } from "../../ui/QueryError";
import { SettingList } from "../../ui/SettingList";
import { SkeletonRows } from "../../ui/Skeleton";
import { save } from "../../ui/save";
import { Month } from "../dashboard/PlanRow";
import { Changes, doing } from "./Changes";
import type { PlanDocument } from "./usePlanDocument";
import type { PreviewState } from "./usePreview";

/** The button, with what it would do or why it can't. */
export function DeployButton({ plan, saving, preview }: { plan: Plan; saving: PlanDocument["saving"]; preview: PreviewState }) {
	const deploy = useDeploy(plan.id);
	const inTheWay = reason(plan, saving, preview);
	return (
		<div className="deploy">
			<Button busy={deploy.isPending} disabledReason={inTheWay} onClick={() => deploy.mutate()}>
				{plan.status === "issue" ? "Try again" : "Deploy plan"}
			</Button>
			<p className="hint" aria-live="polite">
				{inTheWay ?? (preview.data && does(plan, preview.data))}
			</p>
			<ErrorNotice error={deploy.error} />
		</div>
	);
}

/** How far the last deploy is, and what the next would do and cost. */
export function DeployPanel({ plan, preview }: { plan: Plan; preview: PreviewState }) {
	return (
		<aside className="preview" aria-label="Preview">
			{plan.deployment_id && <PlanProgress id={plan.deployment_id} />}
			{!wrongField(preview.error) && <QueryError query={preview} />}
			{preview.isPending && <SkeletonRows rows={3} label="Working out what it costs" />}
			{preview.data && <Shown preview={preview.data} />}
			<TerraformExport id={plan.id} />
		</aside>
	);
}

/** The plan as it was saved last, as an archive of a folder. */
function TerraformExport({ id }: { id: string }) {
	const taken = useMutation({
		mutationFn: () => exportPlan(id),
		onSuccess: ({ folder, files }) =>
			save(`${folder}.tar`, "application/x-tar", tar(files.map(({ path, content }) => ({ path: `${folder}/${path}`, content })))),
	});
	return (
		<div>
			<Button kind="quiet" busy={taken.isPending} onClick={() => taken.mutate()}>
				Export as Terraform
			</Button>
			<ErrorNotice error={taken.error} />
		</div>
	);
}

/** What is wrong with the plan, at whose fields it is told; undefined where the preview failed for another reason. */
const wrongField = (error: unknown) => (error instanceof Failed ? Object.values(error.fields)[0] : undefined);

const does = (plan: Plan, preview: Preview) =>
	plan.status === "issue" && preview.kind === "none" ? "Tries again what went wrong." : doing(preview);

/** Why it can't be deployed now; null where it can. */
function reason(plan: Plan, saving: PlanDocument["saving"], preview: PreviewState): string | null {
	if (saving.conflict || saving.refused) return "The plan is not saved: mend what is said above first.";
	if (saving.dirty || saving.pending) return "The plan is being saved.";
	if (isBusy(plan.status)) return "A deployment of this plan is under way.";
	if (preview.error) return sentence(wrongField(preview.error) ?? "What it would do can't be told: see below");
	if (!preview.data || preview.isPlaceholderData) return "What it would do is being worked out.";
	if (preview.data.problems?.length) return "Something in your account stands in the way: see below.";
	// What stands at an issue is tried again, even where the plan is what was deployed.
	return preview.data.kind === "none" && plan.status !== "issue" ? doing(preview.data) : null;
}

function Shown({ preview }: { preview: Preview }) {
	return (
		<>
			<ToldList title="In the way" told={preview.problems ?? []} kind="error" />
			<ToldList title="To think about" told={preview.warnings} />
			<section>
				<h2>A month</h2>
				<p className="total">
					<Month cost={preview.cost} />
				</p>
				{preview.cost.monthly_ceiling && (
					<p>
						At most {money(preview.cost.monthly_ceiling, preview.cost.currency)} a month when the disk has grown to its ceiling.
					</p>
				)}
				<dl className="parts">
					{preview.cost.parts.map(({ what, monthly, reason }) => (
						<div key={what}>
							<dt>{sentence(what).slice(0, -1)}</dt>
							<dd>
								{monthly ? money(monthly, preview.cost.currency) : "unknown"}
								<span className="hint">: {reason}</span>
							</dd>
						</div>
					))}
				</dl>
			</section>
			<Changes kind={preview.kind} changes={preview.changes} />
			{Object.entries(preview.configuration).map(([component, { settings, kernel, limits }]) => (
				<details key={component}>
					<summary>
						{counted(settings.length + kernel.length + limits.length, "setting")} of {component}, with reasons
					</summary>
					<SettingList settings={[...settings, ...kernel, ...limits]} />
				</details>
			))}
		</>
	);
}

type Obstacle = components["schemas"]["Obstacle"];

function ToldList({ title, told, kind }: { title: string; told: Obstacle[]; kind?: "error" }) {
	if (told.length === 0) return null;
	return (
		<section className="notice" data-kind={kind}>
			<h2>{title}</h2>
			<ul className="told">
				{told.map(({ code, message }) => (
					<li key={`${code} ${message}`}>{sentence(message)}</li>
				))}
			</ul>
		</section>
	);
}
