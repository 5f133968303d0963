export default function Dashboard() {
	return <h1>Plans</h1>;
}
