using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Providers;
using AspireGateway.Shared.Data;
using AspireGateway.Shared.Domain;
using Microsoft.EntityFrameworkCore;

namespace AspireGateway.Portal.Webhooks;

/// <summary>The values of a webhook that may change, checked.</summary>
internal sealed record WebhookSettings(string Name, string Url, string[] Events, bool IsEnabled)
{
    /// <summary>Most webhooks of an organisation: each event goes to every one of them.</summary>
    public const int MaxOfOrganisation = 50;

    private const int MaxUrl = 1000;

    public static WebhookSettings Read(FieldChecks checks, WebhookRequest r, bool allowPrivate)
    {
        var events = (r.Events ?? []).Distinct(StringComparer.Ordinal).ToArray();
        checks.Must(
            events.All(e => WebhookEvents.All.Contains(e, StringComparer.Ordinal)), "events", $"events are of {string.Join(", ", WebhookEvents.All)}; none = all.");
        return new(checks.Text("name", r.Name), ReadUrl(checks, r.Url, allowPrivate), events, r.IsEnabled ?? true);
    }

    /// <summary>Whether another webhook has the name.</summary>
    public async Task<Failure?> CheckAsync(GatewayDbContext context, Guid organisation, Guid? webhookId, CancellationToken cancellationToken)
    {
        var name = Name;
        return await context.Webhooks.AnyAsync(w => w.OrganisationId == organisation && w.Name == name && w.Id != webhookId, cancellationToken)
            ? new Failure.Conflict("A webhook with this name exists already. Choose another one.", "name") : null;
    }

    public void Apply(Webhook webhook) => (webhook.Name, webhook.Url, webhook.Events, webhook.IsEnabled) = (Name, Url, Events, IsEnabled);

    // What a name resolves to can change later, so the address is judged again at each connection; this refuses what is wrong on sight.
    private static string ReadUrl(FieldChecks checks, string? text, bool allowPrivate)
    {
        var url = checks.Text("url", text, MaxUrl);
        if (url.Length is 0 or > MaxUrl) return url;
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || (uri.Scheme != Uri.UriSchemeHttps && uri.Scheme != Uri.UriSchemeHttp) || uri.Host.Length == 0)
            checks.Add("url", "url is an absolute address, e.g. https://hooks.example.com/gateway.");
        else if (uri.UserInfo.Length > 0 || uri.Fragment.Length > 0) checks.Add("url", "url holds no user and no fragment.");
        else if (BaseAddress.IsNeverAllowed(uri)) checks.Add("url", "url may not lead to a link-local or metadata address.");
        else if (!allowPrivate && uri.Scheme != Uri.UriSchemeHttps) checks.Add("url", "url must be https.");
        else if (!allowPrivate && BaseAddress.IsPrivateHost(uri)) checks.Add("url", "url leads to a private address, which this installation does not allow webhooks.");
        return url;
    }
}
