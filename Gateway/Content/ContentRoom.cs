using Microsoft.Extensions.Options;

namespace AspireGateway.Gateway.Content;

/// <summary>How many bytes of texts this gateway holds, and whether there is room for more.</summary>
internal sealed class ContentRoom(IOptions<ContentOptions> options)
{
    private readonly long most = options.Value.MaxHeldBytes;
    private long held;

    /// <summary>Bytes that are held now.</summary>
    public long Held => Interlocked.Read(ref held);

    /// <summary>Whether a request may begin whose texts must be kept. Half is left for those that run already, whose replies are still to come.</summary>
    public bool MayBegin => Held <= most / 2;

    /// <summary>Takes room; false = there is none.</summary>
    public bool TryTake(int bytes)
    {
        if (Interlocked.Add(ref held, bytes) <= most) return true;
        Interlocked.Add(ref held, -bytes);
        return false;
    }

    /// <summary>Gives room back.</summary>
    public void Give(int bytes) => Interlocked.Add(ref held, -bytes);
}
