using System.Net;
using System.Net.Mail;
using System.Net.Mime;
using System.Text;
using Microsoft.Extensions.Options;

namespace AspireGateway.Portal.Webhooks.Channels;

/// <summary>Sends a message as mail. Whatever goes wrong is an answer too; the server's words may name its network and are not repeated, its status is.</summary>
internal sealed class MailSender(IOptions<MailOptions> options)
{
    /// <summary>Scheme of a channel's recipients.</summary>
    public const string Scheme = "mailto:";

    /// <summary>Most recipients of a channel.</summary>
    public const int MaxRecipients = 20;

    /// <summary>Recipients of <c>mailto:a@example.org,b@example.org</c>; null = one of them is no address.</summary>
    public static IReadOnlyList<MailAddress>? Recipients(string url)
    {
        var list = new List<MailAddress>();
        foreach (var part in url[Scheme.Length..].Split(',', StringSplitOptions.TrimEntries))
        {
            // A display name or a line's end would reach the head of the mail.
            if (part.Any(c => char.IsControl(c) || char.IsWhiteSpace(c) || c is '<' or '>' or '"') || !MailAddress.TryCreate(part, out var address)) return null;
            list.Add(address);
        }
        return list;
    }

    /// <summary>Sends it once.</summary>
    /// <param name="url">The recipients, as <see cref="Recipients"/> reads them.</param>
    /// <param name="id">The delivery, from which the message's id follows: a mail that is sent twice is one.</param>
    /// <param name="message">What.</param>
    /// <param name="patience">How long it may take.</param>
    /// <param name="cancellationToken">Ends the try.</param>
    public async Task<WebhookAnswer> SendAsync(string url, Guid id, ChannelMessage message, TimeSpan patience, CancellationToken cancellationToken)
    {
        var server = options.Value;
        if (server.Host is not { Length: > 0 } host || !MailAddress.TryCreate(server.From, out var from)) return new(null, "No mail server is set: Portal__Mail__Host and Portal__Mail__From.");
        if (Recipients(url) is not { Count: > 0 } recipients) return new(null, "Its recipients are no addresses.");
        using var mail = new MailMessage { From = from, Subject = OneLine(message.Title), SubjectEncoding = Encoding.UTF8, BodyEncoding = Encoding.UTF8, Body = Plain(message) };
        foreach (var recipient in recipients) mail.To.Add(recipient);
        mail.Headers.Add("Message-ID", $"<{id}@{from.Host}>");
        mail.Headers.Add("Auto-Submitted", "auto-generated");
        mail.AlternateViews.Add(AlternateView.CreateAlternateViewFromString(message.Html ?? Html(message), Encoding.UTF8, MediaTypeNames.Text.Html));
        using var client = new SmtpClient(host, server.Port) { EnableSsl = server.StartTls, Timeout = (int)patience.TotalMilliseconds, DeliveryMethod = SmtpDeliveryMethod.Network };
        if (server.User is { Length: > 0 } user) client.Credentials = new NetworkCredential(user, server.Password);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(patience);
        try
        {
            await client.SendMailAsync(mail, limit.Token);
            return new(null, null);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new(null, $"The mail server did not answer within {patience.TotalSeconds:0} seconds.");
        }
        catch (SmtpException refused)
        {
            return refused.StatusCode == SmtpStatusCode.GeneralFailure ? new(null, "The mail server could not be reached, or not with the encryption that is set.") : new((int)refused.StatusCode, $"The mail server answered {(int)refused.StatusCode}.");
        }
    }

    private static string Plain(ChannelMessage message) => string.Join("\r\n", [message.Title, "", .. message.Text is null ? [] : (string[])[message.Text, ""], .. message.Facts.Select(f => $"{f.Name}: {f.Value}")]);

    // No colours of its own and nothing from outside: it looks right in light and dark, and nobody learns that it was read.
    private static string Html(ChannelMessage message)
    {
        var facts = string.Concat(message.Facts.Select(f => $"<tr><th align=\"left\" style=\"padding-right:16px\">{WebUtility.HtmlEncode(f.Name)}</th><td>{WebUtility.HtmlEncode(f.Value)}</td></tr>"));
        return $"<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"color-scheme\" content=\"light dark\"></head><body style=\"font-family:system-ui,sans-serif\"><h1 style=\"font-size:18px\">{WebUtility.HtmlEncode(message.Title)}</h1>"
            + (message.Text is null ? "" : $"<p>{WebUtility.HtmlEncode(message.Text)}</p>") + (facts.Length == 0 ? "" : $"<table>{facts}</table>") + "</body></html>";
    }

    private static string OneLine(string text) => text.ReplaceLineEndings(" ");
}
