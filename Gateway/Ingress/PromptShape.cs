using System.Runtime.InteropServices;

namespace AspireGateway.Gateway.Ingress;

/// <summary>What was counted so far of a prompt, while the body is read. It lives on the stack; most requests leave only the first two behind.</summary>
[StructLayout(LayoutKind.Auto)]
internal ref struct PromptShape
{
    /// <summary>Messages, items or texts.</summary>
    public int Messages;

    /// <summary>Tools.</summary>
    public int Tools;

    /// <summary>Parts that say that they are pictures.</summary>
    public int ImageParts;

    /// <summary>Pictures' data or addresses.</summary>
    public int ImageSources;

    /// <summary>Recordings.</summary>
    public int Recordings;

    /// <summary>Bytes of recordings.</summary>
    public int RecordingBytes;

    /// <summary>Bytes of all media.</summary>
    public int MediaBytes;

    /// <summary>Tools that the provider runs.</summary>
    public int ServerTools;

    /// <summary>Tools that the provider defines.</summary>
    public int BuiltInTools;

    /// <summary>Answers asked for; 0 = not said.</summary>
    public int Choices;

    /// <summary>Bytes of the predicted output.</summary>
    public int PredictionBytes;

    /// <summary>Whether something has no size that could be told.</summary>
    public bool HasUnknownInput;

    /// <summary>Whether a part is marked to be cached.</summary>
    public bool HasCacheMarker;

    /// <summary>Whether a marker asks for longer than usual.</summary>
    public bool HasLongCache;

    /// <summary>Whether the answer may be spoken.</summary>
    public bool MaySpeak;

    /// <summary>The tier asked for.</summary>
    public string? ServiceTier;

    /// <summary>Leaves what was counted in the facts.</summary>
    public readonly void Fill(RequestFacts facts)
    {
        facts.Messages = Messages;
        facts.Tools = Tools;
        var isUsual = (ImageParts | ImageSources | Recordings | MediaBytes | ServerTools | BuiltInTools | PredictionBytes) == 0
            && Choices <= 1 && !HasUnknownInput && !HasCacheMarker && !MaySpeak && ServiceTier is null;
        if (isUsual) return;
        facts.Unusual = new UnusualContent
        {
            // A part names its kind and holds its data; who leaves one of them out is counted by the other.
            Images = Math.Max(ImageParts, ImageSources),
            Recordings = Recordings,
            RecordingBytes = RecordingBytes,
            MediaBytes = MediaBytes,
            HasUnknownInput = HasUnknownInput,
            ServerTools = ServerTools,
            BuiltInTools = BuiltInTools,
            Cache = !HasCacheMarker ? CacheWish.None : HasLongCache ? CacheWish.Hour : CacheWish.Usual,
            ServiceTier = ServiceTier,
            Choices = Math.Max(1, Choices),
            MaySpeak = MaySpeak,
            PredictionBytes = PredictionBytes,
        };
    }
}
