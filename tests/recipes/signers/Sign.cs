// Signs each line of its input with Signing.cs, with which it is compiled.
using System;
using PreferenceWidget;

static class Program
{
    static void Main()
    {
        for (string line; (line = Console.ReadLine()) != null;)
        {
            var cells = line.Split('\t');
            var link = new Link
            {
                Site = cells[3], Person = cells[4], Language = cells[5], Campaign = cells[6],
                Topic = cells[7], Generation = int.Parse(cells[8]),
            };
            var token = Signing.Sign(cells[0], cells[1], link, long.Parse(cells[9]));
            Console.WriteLine(Signing.Address(cells[2], cells[1], token));
        }
    }
}
