using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;
using AspireGateway.Simulator.Composing;
using AspireGateway.Simulator.OpenAi;
using AspireGateway.Simulator.Replying;
using AspireGateway.Simulator.Scripting;
using AspireGateway.Simulator.Tokens;

namespace AspireGateway.Simulator.Azure;

/// <summary>An operation of OpenAI as Azure serves it: other credentials, the deployment in the path, other errors.</summary>
internal sealed class AzureProtocol(IProtocol inner, TokenIssuer tokens) : IProtocol
{
    /// <summary>Audience of the tokens that Entra ID gives out.</summary>
    public const string Audience = "entra";

    public string StreamContentType => inner.StreamContentType;

    public ReadOnlyMemory<byte> Garbage => inner.Garbage;

    public string? KeyOf(HttpRequest request) =>
        request.Headers["api-key"].ToString() is { Length: > 0 } key ? key : OpenAiJson.BearerOf(request);

    public Refusal? Authorise(HttpRequest request, byte[] body)
    {
        var isDeployment = request.RouteValues.ContainsKey("deployment");
        if (isDeployment && !request.Query.ContainsKey("api-version")) return new Refusal(404, "Resource not found", "404");
        if (request.Headers["api-key"].Count > 0) return null;
        var bearer = OpenAiJson.BearerOf(request);
        // The newer paths take a key as bearer, too; what looks like a token must be a good one.
        var isKey = !isDeployment && bearer is not null && !bearer.StartsWith(Audience + "-", StringComparison.Ordinal);
        return isKey || tokens.IsGood(bearer, Audience)
            ? null
            : new Refusal(401, bearer is null
                ? "Access denied due to invalid subscription key or wrong API endpoint. Make sure to provide a valid key for an active subscription and use a correct regional API endpoint for your resource."
                : "The access token is missing, invalid, or has expired.", "401");
    }

    public async Task<JsonDocument?> ParseAsync(HttpRequest request, byte[] body, CancellationToken cancellationToken)
    {
        var parsed = await inner.ParseAsync(request, body, cancellationToken);
        if (parsed is null || request.RouteValues["deployment"] is not string deployment || parsed.RootElement.ValueKind != JsonValueKind.Object) return parsed;
        using (parsed)
        {
            // Azure goes by the path and does not look at the body's model.
            var named = JsonObject.Create(parsed.RootElement.Clone())!;
            named["model"] = deployment;
            return JsonDocument.Parse(named.ToJsonString());
        }
    }

    public ISimulatedRequest? Read(HttpRequest request, JsonElement body, out Refusal refusal) => inner.Read(request, body, out refusal);

    public Refusal Describe(FailureKind failure, string model) => failure switch
    {
        FailureKind.ContentPolicy => new Refusal(400,
            "The response was filtered due to the prompt triggering Azure OpenAI's content management policy. Please modify your prompt and retry.", "content_filter", "prompt"),
        FailureKind.RateLimit => new Refusal(429, "Requests to the ChatCompletions_Create Operation have exceeded the call rate limit of your current pricing tier. Please retry after the given time.", "429"),
        FailureKind.BadKey => new Refusal(401, "Access denied due to invalid subscription key or wrong API endpoint.", "401"),
        FailureKind.NoModel => new Refusal(404, "The API deployment for this resource does not exist. If you created the deployment within the last 5 minutes, please wait a moment and try again.", "DeploymentNotFound"),
        _ => inner.Describe(failure, model),
    };

    public void WriteError(IBufferWriter<byte> into, Refusal refusal)
    {
        if (refusal.Failure != FailureKind.ContentPolicy && refusal.Code is not ("401" or "404" or "429" or "DeploymentNotFound"))
        {
            inner.WriteError(into, refusal);
            return;
        }

        WireJson.WriteObject(into, writer =>
        {
            writer.WriteStartObject("error");
            writer.WriteString("code", refusal.Code);
            writer.WriteString("message", refusal.Message);
            if (refusal.Failure == FailureKind.ContentPolicy)
            {
                writer.WriteNull("type");
                writer.WriteString("param", refusal.Param);
                writer.WriteNumber("status", refusal.Status);
                writer.WriteStartObject("innererror");
                writer.WriteString("code", "ResponsibleAIPolicyViolation");
                ContentFilter.WriteVerdicts(writer, "content_filter_result", blocked: "violence");
                writer.WriteEndObject();
            }

            writer.WriteEndObject();
        });
    }

    public void AddHeaders(IHeaderDictionary headers, string requestId, Refusal? refusal)
    {
        headers["apim-request-id"] = requestId;
        headers["x-request-id"] = requestId;
        headers["x-ms-region"] = "Simulated Region";
        headers["x-ratelimit-remaining-requests"] = refusal is { Status: 429 } ? "0" : "999";
        headers["x-ratelimit-remaining-tokens"] = refusal is { Status: 429 } ? "0" : "99999";
    }
}
