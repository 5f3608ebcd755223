using System.Globalization;
using System.Text;

namespace AspireGateway.Gateway.Egress.Anthropic;

/// <summary>Ids in the form that Anthropic's callers know.</summary>
internal static class AnthropicIds
{
    /// <summary>The provider's id of a message if it has that form, else one made of the exchange's; escaped.</summary>
    public static ReadOnlySpan<byte> Message(ReadOnlySpan<byte> given, Guid exchange) =>
        given.StartsWith("msg_"u8) ? given : Encoding.ASCII.GetBytes($"msg_{exchange:N}");

    /// <summary>The provider's id of a tool call, which it wants back, or one made of the exchange's where it gave none; escaped.</summary>
    public static ReadOnlySpan<byte> Call(ReadOnlySpan<byte> given, Guid exchange, int part) =>
        given.IsEmpty ? Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"toolu_{exchange:N}{part:D2}")) : given;
}
