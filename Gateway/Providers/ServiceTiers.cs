using System.Text;

namespace AspireGateway.Gateway.Providers;

/// <summary>Words for service tiers. Every reply of some vendors names one, so the usual ones are not made anew.</summary>
internal static class ServiceTiers
{
    private static readonly (byte[] Utf8, string Text)[] Known =
        [.. ((string[])["default", "standard", "auto", "priority", "flex", "batch", "scale", "on_demand", "reserved"]).Select(text => (Encoding.UTF8.GetBytes(text), text))];

    /// <summary>The word as a text.</summary>
    public static string Of(ReadOnlySpan<byte> utf8)
    {
        foreach (var (known, text) in Known)
            if (utf8.SequenceEqual(known)) return text;
        return Encoding.UTF8.GetString(utf8);
    }
}
