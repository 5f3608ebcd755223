using System.Runtime.InteropServices;
using System.Text.Json;

namespace AspireGateway.Gateway.Guardrails.Media;

/// <summary>The fields of one object that together say whether it holds media: its type may stand behind its data.</summary>
[StructLayout(LayoutKind.Auto)]
internal struct ObjectFields
{
    // Longer than any media type; what is longer declares nothing.
    private const int MaxName = 128;

    private string? type, declared, format;
    private Range? data, bytes, url, id;

    /// <summary>The field that the object stands under.</summary>
    public MediaField Under { get; init; }

    /// <summary>Notes the string that a reader stands at, if it means something only together with others.</summary>
    public bool TryNote(ref Utf8JsonReader reader, MediaField field, BodyMedia media)
    {
        switch (field)
        {
            case MediaField.Type:
                type = Short(ref reader);
                return true;
            case MediaField.Declared:
                declared = Short(ref reader);
                return true;
            case MediaField.Format:
                format = Short(ref reader);
                return true;
            case MediaField.Data when !DataUrl.IsOne(ref reader):
                Note(ref data, ref reader, MediaEncoding.Inline, media);
                return true;
            case MediaField.Bytes when !DataUrl.IsOne(ref reader):
                Note(ref bytes, ref reader, MediaEncoding.Inline, media);
                return true;
            case MediaField.Url when !DataUrl.IsOne(ref reader):
                Note(ref url, ref reader, MediaEncoding.Remote, media);
                return true;
            case MediaField.FileId:
                Note(ref id, ref reader, MediaEncoding.Remote, media);
                return true;
            default:
                return false;
        }
    }

    /// <summary>Adds what the object holds, once all its fields are known.</summary>
    public readonly void AddTo(BodyMedia media)
    {
        if (data is { } inline && HasData) media.Add(new(inline.Start.Value, inline.End.Value, MediaEncoding.Inline, Under == MediaField.Audio && format is not null ? "audio/" + format : declared));
        if (bytes is { } raw && Under == MediaField.Source) media.Add(new(raw.Start.Value, raw.End.Value, MediaEncoding.Inline, declared));
        if (url is { } address && Under is MediaField.ImageAddress or MediaField.Source or MediaField.FileObject) media.Add(new(address.Start.Value, address.End.Value, MediaEncoding.Remote, declared));
        if (id is { } file && HasFile) media.Add(new(file.Start.Value, file.End.Value, MediaEncoding.Remote, declared));
    }

    private readonly bool HasData => Under is MediaField.Audio or MediaField.InlineData || (Under == MediaField.Source && type != "text") || type is "base64" or "image" or "audio" or "video";

    private readonly bool HasFile => Under is MediaField.FileObject or MediaField.Source or MediaField.ImageAddress || type is "input_image" or "input_file" or "image_file" or "container_upload";

    // A name that stands twice means one of both to some reader: both are looked at.
    private static void Note(ref Range? place, ref Utf8JsonReader reader, MediaEncoding encoding, BodyMedia media)
    {
        if (place is { } before) media.Add(new(before.Start.Value, before.End.Value, encoding, null));
        place = (int)reader.TokenStartIndex..(int)reader.BytesConsumed;
    }

    private static string? Short(ref Utf8JsonReader reader)
    {
        if (reader.ValueSpan.Length > MaxName) return null;
        try
        {
            return reader.GetString();
        }
        catch (InvalidOperationException)
        {
            // No valid Unicode, so it names nothing.
            return null;
        }
    }
}
