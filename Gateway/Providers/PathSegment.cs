using System.Diagnostics.CodeAnalysis;

namespace AspireGateway.Gateway.Providers;

/// <summary>
/// A name that may stand as one segment in an address. The only way for a model's name into a path: one with a separator, a dot segment, an escape, a
/// query or a fragment could reach another resource of the provider with the gateway's credential.
/// </summary>
internal readonly struct PathSegment
{
    private readonly string value;

    private PathSegment(string value) => this.value = value;

    /// <summary>Accepts a name; false when it holds <c>/ \ % ? #</c>, a control character or white space, is empty, or is a dot segment.</summary>
    public static bool TryOf(string name, [NotNullWhen(true)] out PathSegment? segment)
    {
        segment = null;
        if (name is "" or "." or ".." || name.Length > 512) return false;
        foreach (var c in name)
            if (c is '/' or '\\' or '%' or '?' or '#' || char.IsControl(c) || char.IsWhiteSpace(c)) return false;
        segment = new PathSegment(Uri.EscapeDataString(name));
        return true;
    }

    /// <summary>As it stands in the address.</summary>
    public override string ToString() => value;
}
