using System.Text.Json.Nodes;

namespace AspireGateway.Portal.Webhooks.Channels;

/// <summary>Messages in the shapes of chats.</summary>
internal static class ChannelBodies
{
    // Slack's own bounds of a header and of a section's text.
    private const int MaxHeader = 150, MaxText = 2900;

    /// <summary>Slack, "Incoming webhooks" with "Block Kit": a header, the numbers, and the facts as fields.</summary>
    public static string Slack(ChannelMessage message)
    {
        JsonArray blocks = [new JsonObject { ["type"] = "header", ["text"] = new JsonObject { ["type"] = "plain_text", ["text"] = Cut(message.Title, MaxHeader) } }];
        if (message.Text is not null) blocks.Add(new JsonObject { ["type"] = "section", ["text"] = new JsonObject { ["type"] = "plain_text", ["text"] = Cut(message.Text, MaxText) } });
        if (message.Facts.Count > 0)
            blocks.Add(new JsonObject { ["type"] = "section", ["fields"] = new JsonArray([.. message.Facts.Select(f => new JsonObject { ["type"] = "mrkdwn", ["text"] = $"*{Escape(f.Name)}*\n{Escape(f.Value)}" })]) });
        return new JsonObject { ["text"] = Escape(message.Title), ["blocks"] = blocks }.ToJsonString();
    }

    /// <summary>Teams, "Post to a channel when a webhook request is received": an adaptive card of version 1.4.</summary>
    public static string Teams(ChannelMessage message)
    {
        JsonArray body = [new JsonObject { ["type"] = "TextBlock", ["size"] = "Medium", ["weight"] = "Bolder", ["wrap"] = true, ["text"] = Plain(message.Title) }];
        if (message.Text is not null) body.Add(new JsonObject { ["type"] = "TextBlock", ["wrap"] = true, ["text"] = Plain(message.Text) });
        if (message.Facts.Count > 0)
            body.Add(new JsonObject { ["type"] = "FactSet", ["facts"] = new JsonArray([.. message.Facts.Select(f => new JsonObject { ["title"] = Plain(f.Name), ["value"] = Plain(f.Value) })]) });
        var card = new JsonObject { ["$schema"] = "http://adaptivecards.io/schemas/adaptive-card.json", ["type"] = "AdaptiveCard", ["version"] = "1.4", ["body"] = body };
        return new JsonObject
        {
            ["type"] = "message", ["attachments"] = new JsonArray(new JsonObject { ["contentType"] = "application/vnd.microsoft.card.adaptive", ["content"] = card }),
        }.ToJsonString();
    }

    // The three characters that Slack gives a meaning, as its documentation says; a name of a key could mention everybody otherwise.
    private static string Escape(string text) => text.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal);

    // Cards read Markdown links; a name of a key is no link.
    private static string Plain(string text) => text.Replace("[", "\\[", StringComparison.Ordinal).Replace("]", "\\]", StringComparison.Ordinal);

    private static string Cut(string text, int length) => text.Length <= length ? text : text[..(length - 1)] + "…";
}
