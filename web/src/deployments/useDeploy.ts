import { useMutation, useQueryClient } from "@tanstack/react-query";
import { deployPlan } from "../plans/queries";
import { lookAnew } from "./queries";

/** Deploys a plan as it was saved last; where its deployment stands at an issue, that is tried again. */
export function useDeploy(planId: string) {
	const client = useQueryClient();
	return useMutation({
		mutationFn: () => deployPlan(planId),
		onSuccess: ({ id }) => lookAnew(client, { id, plan_id: planId }),
	});
}
