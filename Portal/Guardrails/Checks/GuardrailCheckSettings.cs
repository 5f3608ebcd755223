using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Providers;
using AspireGateway.Shared.Domain.Guardrails;
using AspireGateway.Shared.Net;

namespace AspireGateway.Portal.Guardrails.Checks;

/// <summary>The values of a check, judged.</summary>
internal sealed record GuardrailCheckSettings(
    string Name, string Kind, string Url, string? Model, bool IsPrivate, string? Secret, int TimeLimitMs, string OnError, string AppliesTo, int MaxCharacters, string[] Regions)
{
    private const int MaxUrl = 1_000, MaxSecret = 4_000;

    /// <summary>Reads them; meaningless where a fault was added.</summary>
    public static GuardrailCheckSettings Read(FieldChecks checks, GuardrailCheckRequest r)
    {
        var kind = checks.Choice("kind", r.Kind, GuardrailCheckKinds.All);
        var isPrivate = r.IsPrivate ?? false;
        checks.Range("time_limit_ms", r.TimeLimitMs, 1, GuardrailCheck.MaxTimeLimitMs);
        checks.Range("max_characters", r.MaxCharacters, 1, GuardrailCheck.MaxMaxCharacters);
        var regions = checks.Regions("regions", r.Regions);
        checks.Must(!Array.Exists(regions, region => region.Contains('*', StringComparison.Ordinal)), "regions", "regions says where the check is: name each region, without *.");
        checks.Must(
            !GuardrailCheckKinds.ReadsMedia(kind) || r.AppliesTo is null or GuardrailCheckTexts.Prompts, "applies_to", $"applies_to of {kind} is prompts: pictures and sounds of replies are not read.");
        return new(
            checks.Text("name", r.Name), kind, ReadUrl(checks, r.Url, isPrivate), ReadModel(checks, kind, r.Model), isPrivate, ReadSecret(checks, kind, r.Secret),
            r.TimeLimitMs ?? GuardrailCheck.DefaultTimeLimitMs, checks.Choice("on_error", r.OnError, GuardrailFailPolicies.All, GuardrailFailPolicies.Closed),
            checks.Choice("applies_to", r.AppliesTo, GuardrailCheckTexts.All, GuardrailCheckTexts.Prompts), r.MaxCharacters ?? GuardrailCheck.DefaultMaxCharacters, regions);
    }

    /// <summary>Sets them on a row; the secret is the caller's to seal.</summary>
    public void Apply(GuardrailCheck check) =>
        (check.Kind, check.Url, check.Model, check.IsPrivate, check.TimeLimitMs, check.OnError, check.AppliesTo, check.MaxCharacters, check.Regions) =
        (Kind, Url, Model, IsPrivate, TimeLimitMs, OnError, AppliesTo, MaxCharacters, Regions);

    // What a name resolves to can change later, so gateways judge the address again at each connection; this refuses what is wrong on sight.
    private static string ReadUrl(FieldChecks checks, string? text, bool isPrivate)
    {
        var url = checks.Text("url", text, MaxUrl);
        if (url.Length is 0 or > MaxUrl) return url;
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || (uri.Scheme != Uri.UriSchemeHttps && uri.Scheme != Uri.UriSchemeHttp) || uri.Host.Length == 0)
            checks.Add("url", "url is the whole address that is posted to, e.g. https://api.openai.com/v1/moderations.");
        else if (uri.UserInfo.Length > 0 || uri.Fragment.Length > 0) checks.Add("url", "url holds no user and no fragment.");
        else if (BaseAddress.IsNeverAllowed(uri)) checks.Add("url", "url may not lead to a link-local or metadata address.");
        else if (!isPrivate && uri.Scheme != Uri.UriSchemeHttps) checks.Add("url", "url must be https, or the check marked private.");
        else if (!isPrivate && BaseAddress.IsPrivateHost(uri)) checks.Add("url", "url leads to a private address. Mark the check private if that is meant.");
        return url;
    }

    private static string? ReadModel(FieldChecks checks, string kind, string? value)
    {
        var model = checks.Optional("model", value, 200);
        checks.Must(model is not null || !GuardrailCheckKinds.NeedsModel(kind), "model", "model is required for chat: it names the model that judges.");
        checks.Must(model is null || GuardrailCheckKinds.TakesModel(kind), "model", "model is for chat, moderations and transcription only.");
        return model;
    }

    private static string? ReadSecret(FieldChecks checks, string kind, string? value)
    {
        var secret = value?.Trim();
        if (string.IsNullOrEmpty(secret)) return secret;
        checks.Must(secret.Length <= MaxSecret && secret.All(c => c is > ' ' and <= '~'), "secret", $"secret is at most {MaxSecret} characters of ASCII without blanks.");
        checks.Must(kind != GuardrailCheckKinds.Webhook || WebhookSignature.IsSecret(secret), "secret", "secret of a webhook is whsec_ and the base64 of 24 to 64 random bytes: it signs what is sent.");
        return secret;
    }
}
