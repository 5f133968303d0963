import type { Connection } from "../../deployments/queries";

/** What each client is given to connect, all with the server's certificate checked. None holds the password: clients ask for it, or read PGPASSWORD. */
export const SNIPPETS: Record<string, (connection: Connection) => string> = {
	psql: ({ host, port, database, user, sslmode }) =>
		`psql "host=${host} port=${port} dbname=${database} user=${user} sslmode=${sslmode} sslrootcert=ca.pem"`,
	URL: ({ uri }) => uri,
	"Python (psycopg)": ({ host, port, database, user, sslmode }) =>
		[
			"import os, psycopg",
			"",
			"connection = psycopg.connect(",
			`    host="${host}", port=${port}, dbname="${database}", user="${user}",`,
			`    password=os.environ["PGPASSWORD"], sslmode="${sslmode}", sslrootcert="ca.pem",`,
			")",
		].join("\n"),
	"Node (pg)": ({ host, port, database, user }) =>
		[
			'import { readFileSync } from "node:fs";',
			'import pg from "pg";',
			"",
			"const pool = new pg.Pool({",
			`  host: "${host}", port: ${port}, database: "${database}", user: "${user}",`,
			"  password: process.env.PGPASSWORD,",
			'  ssl: { ca: readFileSync("ca.pem", "utf8") },',
			"});",
		].join("\n"),
	JDBC: ({ host, port, database, user, sslmode }) =>
		`jdbc:postgresql://${host}:${port}/${database}?user=${user}&sslmode=${sslmode}&sslrootcert=ca.pem`,
};
