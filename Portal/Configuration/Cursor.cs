using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace AspireGateway.Portal.Configuration;

/// <summary>The places where pages go on. Opaque to callers; a broken one is a fault of its field.</summary>
public static class Cursor
{
    /// <summary>What to answer to a broken cursor.</summary>
    public static Failure Fault => new Failure.Invalid([new("after", "after is the next of an earlier page of the same list.")]);

    /// <summary>Reads a cursor that is an id; missing = from the start.</summary>
    public static bool TryRead(string? cursor, out Guid? id)
    {
        id = null;
        if (string.IsNullOrEmpty(cursor)) return true;
        if (!Guid.TryParse(cursor, out var parsed)) return false;
        id = parsed;
        return true;
    }

    /// <summary>Reads a cursor of a moment and an id; missing = from the start.</summary>
    public static bool TryRead(string? cursor, out DateTimeOffset? at, out Guid? id)
    {
        (at, id) = (null, null);
        if (string.IsNullOrEmpty(cursor)) return true;
        if (cursor.Length > 100 || !Base64Url.IsValid(cursor)) return false;
        var parts = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(cursor)).Split('.');
        if (parts.Length != 2 || !long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var ticks)
            || ticks > DateTimeOffset.MaxValue.Ticks || !Guid.TryParse(parts[1], out var parsed)) return false;
        at = new DateTimeOffset(ticks, TimeSpan.Zero);
        id = parsed;
        return true;
    }

    /// <summary>A cursor of a moment and an id.</summary>
    public static string Of(DateTimeOffset at, Guid id) =>
        Base64Url.EncodeToString(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{at.UtcTicks}.{id:N}")));
}
