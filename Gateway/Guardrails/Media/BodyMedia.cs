using System.Runtime.InteropServices;

namespace AspireGateway.Gateway.Guardrails.Media;

/// <summary>Where the pictures, sounds and files of a body stand. Holds no bytes of them.</summary>
internal sealed class BodyMedia
{
    /// <summary>Most items that are told apart. A body with more has too many for anybody.</summary>
    public const int Most = 1_000;

    private readonly List<MediaItem> items = [];

    /// <summary>The body.</summary>
    public ReadOnlyMemory<byte> Body { get; private set; }

    /// <summary>The items, in the order of the body.</summary>
    public ReadOnlySpan<MediaItem> Items => CollectionsMarshal.AsSpan(items);

    /// <summary>Whether there are more than <see cref="Most"/>.</summary>
    public bool IsOverfull { get; private set; }

    /// <summary>How many of them lose the place where they were taken before they leave.</summary>
    public int Strips { get; set; }

    /// <summary>Begins with another body.</summary>
    public void Begin(ReadOnlyMemory<byte> body)
    {
        Clear();
        Body = body;
    }

    /// <summary>Adds an item.</summary>
    public void Add(MediaItem item)
    {
        if (items.Count < Most) items.Add(item);
        else IsOverfull = true;
    }

    /// <summary>Forgets all.</summary>
    public void Clear()
    {
        items.Clear();
        (Body, IsOverfull, Strips) = (default, false, 0);
    }
}
