import { useParams } from "@tanstack/react-router";

export default function Editor() {
	const { planId } = useParams({ from: "/inside/plan/$planId" });
	return <h1>{planId}</h1>;
}
