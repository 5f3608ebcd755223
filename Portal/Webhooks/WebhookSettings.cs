using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Providers;
using AspireGateway.Portal.Webhooks.Channels;
using AspireGateway.Shared.Data;
using AspireGateway.Shared.Domain;
using Microsoft.EntityFrameworkCore;

namespace AspireGateway.Portal.Webhooks;

/// <summary>The values of a webhook that may change, checked.</summary>
internal sealed record WebhookSettings(string Kind, string Name, string Url, string[] Events, bool IsEnabled)
{
    /// <summary>Most webhooks of an organisation: each event goes to every one of them.</summary>
    public const int MaxOfOrganisation = 50;

    private const int MaxUrl = 1000;

    public static WebhookSettings Read(FieldChecks checks, WebhookRequest r, bool allowPrivate, Webhook? now = null)
    {
        var events = (r.Events ?? []).Distinct(StringComparer.Ordinal).ToArray();
        checks.Must(
            events.All(e => WebhookEvents.All.Contains(e, StringComparer.Ordinal)), "events", $"events are of {string.Join(", ", WebhookEvents.All)}; none = all.");
        var kind = r.Kind ?? now?.Kind ?? ChannelKinds.Generic;
        checks.Must(ChannelKinds.All.Contains(kind, StringComparer.Ordinal), "kind", $"kind is one of {string.Join(", ", ChannelKinds.All)}.");
        checks.Must(now is null || kind == now.Kind, "kind", "kind cannot be changed. Add another webhook and delete this one.");
        // What is shown of a sealed address, given back, leaves it as it is.
        var url = now is not null && ChannelKinds.IsSecret(now.Kind) && (r.Url is null || r.Url == now.Url) ? now.Url
            : kind == ChannelKinds.Email ? ReadRecipients(checks, r.Url) : ReadUrl(checks, r.Url, allowPrivate);
        checks.Must(!ChannelKinds.IsSecret(kind) || url == now?.Url || !url.EndsWith('…'), "url", "url is what is shown of a chat's address. Give the whole address.");
        return new(kind, checks.Text("name", r.Name), url, events, r.IsEnabled ?? true);
    }

    /// <summary>Whether another webhook has the name.</summary>
    public async Task<Failure?> CheckAsync(GatewayDbContext context, Guid organisation, Guid? webhookId, CancellationToken cancellationToken)
    {
        var name = Name;
        return await context.Webhooks.AnyAsync(w => w.OrganisationId == organisation && w.Name == name && w.Id != webhookId, cancellationToken)
            ? new Failure.Conflict("A webhook with this name exists already. Choose another one.", "name") : null;
    }

    /// <summary>Sets the values; seals a chat's address when it is another one than what is shown of it.</summary>
    public void Apply(Webhook webhook, SecretBox box)
    {
        if (ChannelKinds.IsSecret(Kind) && Url != webhook.Url) webhook.SecretEnvelope = box.Seal(Url, webhook.Id);
        var shown = !ChannelKinds.IsSecret(Kind) || Url == webhook.Url ? Url : ChannelKinds.Masked(Url);
        (webhook.Kind, webhook.Name, webhook.Url, webhook.Events, webhook.IsEnabled) = (Kind, Name, shown, Events, IsEnabled);
    }

    private static string ReadRecipients(FieldChecks checks, string? text)
    {
        var url = checks.Text("url", text, MaxUrl);
        if (url.Length is 0 or > MaxUrl) return url;
        if (!url.StartsWith(MailSender.Scheme, StringComparison.Ordinal) || MailSender.Recipients(url) is not { Count: > 0 and <= MailSender.MaxRecipients })
            checks.Add("url", $"url is mailto: and 1 to {MailSender.MaxRecipients} addresses with commas, e.g. mailto:oncall@example.com,finops@example.com.");
        return url;
    }

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
