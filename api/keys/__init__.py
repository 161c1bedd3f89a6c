"""Who may ask: API keys with scopes, of a tenant and a client, and how often they may."""
