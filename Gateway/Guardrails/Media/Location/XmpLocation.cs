namespace AspireGateway.Gateway.Guardrails.Media.Location;

/// <summary>The place in an XMP packet (ISO 16684-1, and the exif namespace of XMP's part 2).</summary>
internal static class XmpLocation
{
    /// <summary>What JPEG segments of XMP begin with, and those that go on in another segment.</summary>
    public static ReadOnlySpan<byte> JpegMark => "http://ns.adobe.com/x"u8;

    /// <summary>Whether it says where it was taken.</summary>
    public static bool Has(ReadOnlySpan<byte> packet) => packet.IndexOf("GPSLatitude"u8) >= 0 || packet.IndexOf("GPSLongitude"u8) >= 0 || packet.IndexOf("GPSDest"u8) >= 0;
}
