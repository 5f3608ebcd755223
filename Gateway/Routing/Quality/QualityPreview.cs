using System.Text.Json;
using AspireGateway.Gateway.Ingress;
using AspireGateway.Gateway.State;

namespace AspireGateway.Gateway.Routing.Quality;

/// <summary>The part of a route's preview that says how well a candidate does the request's task, whatever the model's strategy is.</summary>
internal static class QualityPreview
{
    /// <summary>Writes the figures, the bar, and whether they clear it.</summary>
    public static void Write(Utf8JsonWriter json, ModelSnapshot model, RequestFacts facts, DeploymentSnapshot deployment)
    {
        json.WriteStartObject("quality"u8);
        json.WriteNumber("bar"u8, model.QualityBars.Of(facts.Task));
        var known = QualityStrategy.Find(deployment, facts);
        json.WriteString("verdict"u8, known is null ? "unproven"u8 : known.Lower >= model.QualityBars.Of(facts.Task) ? "clears_the_bar"u8 : "below_the_bar"u8);
        if (known is not null)
        {
            json.WriteNumber("mean"u8, Math.Round(known.Mean, 4));
            json.WriteNumber("lower"u8, Math.Round(known.Lower, 4));
            json.WriteNumber("upper"u8, Math.Round(known.Upper, 4));
            json.WriteNumber("samples"u8, known.Samples);
            json.WriteString("date"u8, known.Date.ToString("O", System.Globalization.CultureInfo.InvariantCulture));
            json.WriteString("source"u8, known.Source);
        }
        json.WriteEndObject();
    }
}
