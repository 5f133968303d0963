-- What the cloud is asked for, as it was when the deployment began: deploy, monitoring and destroy read the same document.
ALTER TABLE deployment ADD COLUMN document jsonb;
