import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { EMPTY, freeId, withComponent } from "../../plans/components";
import { type Place, writePlaces } from "../../plans/places";
import { createPlan, planQuery, plansQuery } from "../../plans/queries";
import { ErrorNotice } from "../../ui/Notice";
import { useTitle } from "../../ui/useTitle";
import { Drawing } from "./Drawing";

/** An empty canvas. The first component that comes onto it begins the plan, which is saved from then on. */
export default function NewPlan() {
	useTitle("New plan");
	const navigate = useNavigate();
	const client = useQueryClient();
	const create = useMutation({
		mutationFn: ({ kind }: { kind: string; place: Place | undefined }) => createPlan(withComponent(EMPTY, kind)),
		onSuccess: (plan, { kind, place }) => {
			if (place) writePlaces(plan.id, { [freeId(EMPTY, kind)]: place });
			client.setQueryData(planQuery(plan.id).queryKey, plan);
			void client.invalidateQueries({ queryKey: plansQuery.queryKey });
			return navigate({ to: "/plan/$planId", params: { planId: plan.id }, replace: true });
		},
	});
	return (
		<>
			<div className="page-head">
				<h1>New plan</h1>
			</div>
			<ErrorNotice error={create.error} />
			<div className="editor">
				<Drawing
					parts={NOTHING}
					places={NOWHERE}
					selected={null}
					full={null}
					busy={create.isPending}
					onAdd={(kind, place) => create.mutate({ kind, place })}
					onSelect={ignore}
					onPlace={ignore}
					onRemove={ignore}
				/>
				<p className="soft">
					It is saved with its first component, and from then on as you change it. Nothing is made, and nothing costs, until you
					press Deploy.
				</p>
			</div>
		</>
	);
}

const NOTHING: [] = [];
const NOWHERE = {};
const ignore = () => undefined;
