using AspireGateway.Gateway.Ingress;
using AspireGateway.Gateway.Pipeline;
using AspireGateway.Gateway.Providers;
using AspireGateway.Shared.Domain;

namespace AspireGateway.Gateway.Accounting;

/// <summary>What a request used besides tokens: what the reply says, else what was asked for.</summary>
internal static class UsedUnits
{
    /// <summary>Both put together.</summary>
    public static UnitUsage Of(RequestFacts request, ReplyFacts reply)
    {
        var asked = request.Units;
        var said = reply.Units;
        if (asked.IsEmpty && said.IsEmpty) return default;
        return said with
        {
            Images = said.Images > 0 ? said.Images : asked.Images,
            ImageSize = said.ImageSize ?? asked.ImageSize,
            ImageQuality = said.ImageQuality ?? asked.ImageQuality,
            Characters = said.Characters > 0 ? said.Characters : asked.Characters,
            Searches = said.Searches > 0 ? said.Searches : asked.Searches,
            // The length of what was sent is a guess, and no charge where the provider counts tokens.
            Milliseconds = said.Milliseconds > 0 || reply.Usage is not null ? said.Milliseconds : asked.Milliseconds,
        };
    }

    /// <summary>Whether the units are certain and have prices of their own, so that no tokens need be guessed.</summary>
    public static bool SufficeFor(PriceComponents? price, in UnitUsage units, ReplyFacts reply) =>
        price is not null
        && ((units.Images > 0 && PriceChoice.ImageOf(price, units.ImageSize, units.ImageQuality) is not null)
            || (units.Characters > 0 && price.Character is not null)
            || (units.Searches > 0 && price.Search is not null)
            || (reply.Units.Milliseconds > 0 && price.Second is not null));
}
