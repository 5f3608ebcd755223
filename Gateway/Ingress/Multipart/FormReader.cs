using System.Text;
using AspireGateway.Gateway.Pipeline;
using Microsoft.Net.Http.Headers;

namespace AspireGateway.Gateway.Ingress.Multipart;

/// <summary>
/// Finds the parts of a form in a body that is in memory (RFC 2046 5.1, RFC 7578). It finds only what every reader must find the same way: bare line
/// feeds, folded headers, transfer encodings and text around the parts, on which readers differ, are refused, because a provider might see another form.
/// </summary>
internal static class FormReader
{
    private const int MaxParts = 64, MaxHeaderBytes = 8 * 1024, MaxBoundary = 70;

    /// <summary>Reads a form; null = it is one.</summary>
    public static Refusal? Read(ReadOnlySpan<byte> body, string contentType, out FormBody? form)
    {
        form = null;
        if (BoundaryOf(contentType) is not { } boundary)
            return Refusal.InvalidRequest("Header 'Content-Type' must name the form's boundary: multipart/form-data; boundary=...", "content-type");
        var delimiter = Encoding.ASCII.GetBytes("\r\n--" + boundary);
        if (!body.StartsWith(delimiter.AsSpan(2))) return Broken("it does not begin with its boundary");

        var parts = new List<FormPart>();
        var at = delimiter.Length - 2;
        while (true)
        {
            if (body[at..].StartsWith("--"u8)) break;
            if (!body[at..].StartsWith("\r\n"u8)) return Broken("a boundary is not followed by a line end");
            if (parts.Count == MaxParts) return Broken($"it has more than {MaxParts} parts");
            at += 2;
            var headerLength = body.Slice(at, Math.Min(body.Length - at, MaxHeaderBytes)).IndexOf("\r\n\r\n"u8);
            if (headerLength < 0) return Broken("a part's headers do not end");
            if (!TryReadHeaders(body.Slice(at, headerLength), out var name, out var isFile, out var type)) return Broken("a part's headers do not name its field");
            at += headerLength + 4;
            if (body[(at - 2)..].StartsWith(delimiter)) return Broken("a part has no content");
            var contentLength = body[at..].IndexOf(delimiter);
            if (contentLength < 0) return Broken("it breaks off inside a part");
            parts.Add(new FormPart(name, isFile, at..(at + contentLength)) { ContentType = type });
            at += contentLength + delimiter.Length;
        }
        if (body[(at + 2)..].TrimEnd("\r\n \t"u8).Length > 0) return Broken("something follows its end");
        form = new FormBody(contentType, boundary, parts);
        return null;
    }

    private static string? BoundaryOf(string contentType)
    {
        if (!MediaTypeHeaderValue.TryParse(contentType, out var type) || !type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase)) return null;
        string? found = null;
        foreach (var parameter in type.Parameters)
        {
            if (!parameter.Name.Equals("boundary", StringComparison.OrdinalIgnoreCase)) continue;
            if (found is not null) return null;
            found = HeaderUtilities.RemoveQuotes(parameter.Value).Value;
        }
        if (found is not { Length: > 0 and <= MaxBoundary } || found[^1] == ' ') return null;
        foreach (var c in found)
            if (c is < ' ' or > '~' or '"' or '\\') return null;
        return found;
    }

    private static bool TryReadHeaders(ReadOnlySpan<byte> headers, out string name, out bool isFile, out string? type)
    {
        (name, type) = ("", null);
        isFile = false;
        var found = false;
        foreach (var line in Encoding.UTF8.GetString(headers).Split("\r\n"))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon < 1 || line[0] is ' ' or '\t' || line.AsSpan().ContainsAny('\r', '\n', '\0')) return false;
            var header = line.AsSpan(0, colon).TrimEnd();
            if (header.Equals("content-transfer-encoding", StringComparison.OrdinalIgnoreCase) && line.AsSpan(colon + 1).Trim() is not ("binary" or "8bit" or "7bit")) return false;
            if (header.Equals("content-type", StringComparison.OrdinalIgnoreCase)) type = line[(colon + 1)..].Trim();
            if (!header.Equals("content-disposition", StringComparison.OrdinalIgnoreCase)) continue;
            if (found || !ContentDispositionHeaderValue.TryParse(line[(colon + 1)..].Trim(), out var disposition)) return false;
            if (!disposition.DispositionType.Equals("form-data", StringComparison.OrdinalIgnoreCase)) return false;
            if (disposition.Parameters.Count(parameter => parameter.Name.StartsWith("name", StringComparison.OrdinalIgnoreCase)) != 1) return false;
            name = HeaderUtilities.RemoveQuotes(disposition.Name).Value ?? "";
            isFile = disposition.FileName.HasValue || disposition.FileNameStar.HasValue;
            found = name.Length > 0;
        }
        return found;
    }

    private static Refusal Broken(string why) =>
        Refusal.InvalidRequest($"The form cannot be read: {why}. Send multipart/form-data as RFC 7578 describes it.");
}
