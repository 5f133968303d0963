import { useMutation } from "@tanstack/react-query";
import { type MouseEvent, useEffect, useState } from "react";
import { ask, open } from "../../api/client";
import { Button } from "../../ui/Button";
import { ErrorNotice, Notice } from "../../ui/Notice";
import { FORM } from "./AuthPage";

/** A mail takes its time, and Cognito sends an address only so many. */
const WAIT_S = 60;

/** Has the confirmation code sent again, to the address in the form. */
export function Resend() {
	const [wait, setWait] = useState(0);
	const send = useMutation({
		mutationFn: (email: string) => ask(open.POST("/v1/auth/resend", { body: { email } })),
		onSuccess: () => setWait(WAIT_S),
	});
	useEffect(() => {
		if (wait === 0) return;
		const timer = setTimeout(() => setWait(wait - 1), 1000);
		return () => clearTimeout(timer);
	}, [wait]);

	function again({ currentTarget }: MouseEvent<HTMLButtonElement>) {
		const input = currentTarget.form?.elements.namedItem("email");
		if (!(input instanceof HTMLInputElement) || !input.reportValidity()) return;
		send.mutate(input.value);
	}

	return (
		<div className="stack">
			{send.isSuccess && <Notice>If this address waits to be confirmed, another code is on its way to it.</Notice>}
			<ErrorNotice error={send.error} />
			<Button
				kind="quiet"
				form={FORM}
				busy={send.isPending}
				disabledReason={wait > 0 && `Another one can be sent in ${wait} s`}
				onClick={again}
			>
				{wait > 0 ? `Send another code in ${wait} s` : "Send another code"}
			</Button>
		</div>
	);
}
