using System.Text.Json;
using AspireGateway.Simulator.Azure;
using AspireGateway.Simulator.Composing;
using AspireGateway.Simulator.Replying;

namespace AspireGateway.Simulator.Tokens;

/// <summary>Entra ID's client credentials: any tenant and client, the one secret or any signed assertion.</summary>
internal sealed class EntraTokens(TokenIssuer tokens) : TokenProtocol(tokens, AzureProtocol.Audience)
{
    private const string AssertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

    protected override Refusal? Check(HttpRequest request, JsonElement form)
    {
        if (form.TextOf("grant_type") != "client_credentials") return new Refusal(400, "AADSTS70003: The app requested an unsupported grant type.", "unsupported_grant_type");
        if (form.TextOf("client_id") is not { Length: > 0 }) return new Refusal(400, "AADSTS900144: The request body must contain the following parameter: 'client_id'.", "invalid_request");
        if (form.TextOf("scope") is not ("https://cognitiveservices.azure.com/.default" or "https://ai.azure.com/.default"))
            return new Refusal(400, $"AADSTS70011: The provided request must include a 'scope' input parameter. The scope {form.TextOf("scope")} is not valid.", "invalid_scope");
        var hasAssertion = form.TextOf("client_assertion_type") == AssertionType && form.TextOf("client_assertion")?.Split('.').Length == 3;
        return hasAssertion || form.TextOf("client_secret") == SimulatedCredentials.EntraClientSecret
            ? null
            : new Refusal(401, "AADSTS7000215: Invalid client secret provided.", "invalid_client");
    }
}
