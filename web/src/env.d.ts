/// <reference types="vite/client" />

interface ImportMetaEnv {
	readonly VITE_SOURCE_URL?: string;
	readonly VITE_CONTACT_EMAIL?: string;
}
