"""Sign-in by OpenID Connect: the code flow with PKCE, one provider, one adapter of its claims.

django-allauth's own client takes a token that comes straight from the provider without looking at
its signature, and knows no nonce; this one checks both.
"""
